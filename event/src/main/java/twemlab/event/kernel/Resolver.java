package twemlab.event.kernel;

/// Names to addresses, getaddrinfo(3), without blocking the caller.
public interface Resolver {

  /// Takes the outcome of one look-up.
  interface Answer {
    /// The first address that the system knows.
    void resolved(Address.Inet address);

    /// The name has no address: [Errno#EHOSTDOWN], as twemproxy reports it.
    void failed(Errno errno);
  }

  /// Looks a host up. A numeric address is answered before this returns; a name may be answered
  /// later and **on another thread**, so an answer hands its result to a loop by posting.
  void resolve(String host, int port, Answer answer);
}
