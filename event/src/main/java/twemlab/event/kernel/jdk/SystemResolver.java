package twemlab.event.kernel.jdk;

import java.net.InetAddress;
import java.net.UnknownHostException;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.kernel.Resolver;

/// The system's resolver, getaddrinfo(3), on a thread of its own for each name: a look-up may take
/// many seconds, and a loop must not wait for it.
public final class SystemResolver implements Resolver {
  @Override
  public void resolve(String host, int port, Answer answer) {
    try {
      answer.resolved(Address.inet(InetAddress.ofLiteral(host).getAddress(), port));
    } catch (IllegalArgumentException notNumeric) {
      Thread.ofVirtual().name("resolve " + host).start(() -> lookUp(host, port, answer));
    }
  }

  private static void lookUp(String host, int port, Answer answer) {
    Address.Inet found = null;
    try {
      found = Address.inet(InetAddress.getByName(host).getAddress(), port);
    } catch (UnknownHostException _) {
      // Told below.
    } finally {
      // Any failure: without an answer, a request for this name would wait forever.
      if (found == null) {
        answer.failed(Errno.EHOSTDOWN);
      }
    }
    answer.resolved(found);
  }
}
