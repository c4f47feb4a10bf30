package twemlab.proxy.conf;

/// The value of `listen:`.
///
/// C counterpart `struct conf_listen`.
///
/// @param text the value as written; two pools may not share it
/// @param endpoint the parsed value
/// @param mode the permission bits that a unix socket gets after bind, 1 to 0777; -1 for none
public record ListenConf(String text, Endpoint endpoint, int mode) {}
