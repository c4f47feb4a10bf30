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
    InetAddress found;
    try {
      found = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      answer.failed(Errno.EHOSTDOWN);
      return;
    }
    answer.resolved(Address.inet(found.getAddress(), port));
  }
}
