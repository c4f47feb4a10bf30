package twemlab.proxy.conf;

/// Whether the host of a `listen:` resolves, which nutcracker checks while it loads the file.
///
/// The reader itself resolves nothing: the caller passes a check that asks the kernel's resolver,
/// or [#NONE].
@FunctionalInterface
public interface ListenCheck {
  /// Takes every host for good.
  ListenCheck NONE = _ -> true;

  /// Whether the endpoint's host has an address.
  boolean resolves(Endpoint.Inet endpoint);
}
