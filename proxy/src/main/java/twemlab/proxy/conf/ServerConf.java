package twemlab.proxy.conf;

/// One element of `servers:`.
///
/// C counterpart `struct conf_server`.
///
/// @param pname the text without the given name, `host:port:weight` or `/path:weight`: for logs
/// @param name the given name; else `host` on port 11211, `host:port` on any other, and `/path:`
///   (with the colon) for a unix socket. It feeds ketama, and names the server in the stats
/// @param endpoint where to connect; resolved when a connection is made
/// @param weight 1 to 2147483647
public record ServerConf(String pname, String name, Endpoint endpoint, int weight) {}
