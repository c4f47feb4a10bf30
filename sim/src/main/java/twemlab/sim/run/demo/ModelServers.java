package twemlab.sim.run.demo;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import twemlab.event.Channel;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;
import twemlab.event.mbuf.MbufChain;
import twemlab.sim.model.ReplySink;
import twemlab.sim.model.ServerModel;

/// Models of servers on real sockets of the loopback address, all in one loop of this project: a
/// memcached or redis to talk to where none is installed.
///
/// Replies that a client does not read are kept without a limit: these are servers to try things
/// with.
final class ModelServers implements AutoCloseable {
  private final HostLoop host = new HostLoop();
  private final List<Address> addresses = new ArrayList<>();
  private byte[] received = new byte[16 * 1024];
  private long latestMillis;

  private ModelServers() {}

  /// Has each model listen on a port that the system chooses, and serves them.
  ///
  /// @throws Transport.ListenException if there is no port left
  static ModelServers start(List<ServerModel> models) throws Transport.ListenException {
    var servers = new ModelServers();
    try {
      for (ServerModel model : models) {
        servers.addresses.add(servers.listen(model));
      }
    } catch (Transport.ListenException e) {
      servers.close();
      throw e;
    }
    servers.host.start("servers");
    return servers;
  }

  private Address listen(ServerModel model) throws Transport.ListenException {
    return host.loop()
        .transport()
        .listen(
            Address.loopback(0),
            Transport.ListenOptions.DEFAULT,
            _ -> new Connection(model.connect()))
        .address();
  }

  /// Where the models listen, in their order.
  List<Address> addresses() {
    return addresses;
  }

  /// The models want a time that never goes back.
  private long nowMillis() {
    latestMillis = Math.max(latestMillis, host.kernel().clock().wallMillis());
    return latestMillis;
  }

  @Override
  public void close() {
    host.close();
  }

  /// One client's connection to one model.
  private final class Connection implements Channel.Handler, ReplySink {
    private final ServerModel.Session session;
    private final MbufChain reply = new MbufChain();

    Connection(ServerModel.Session session) {
      this.session = session;
    }

    @Override
    public void write(byte[] bytes, int from, int to) {
      host.append(reply, bytes, from, to);
    }

    @Override
    public int onBytes(Channel channel, Mbuf mbuf, int from, int to) {
      int count = to - from;
      if (count > received.length) {
        received = new byte[count];
      }
      MemorySegment.copy(mbuf.segment(), JAVA_BYTE, mbuf.base() + from, received, 0, count);
      session.receive(received, 0, count, this, nowMillis());
      reply.sendTo(channel);
      if (session.closed()) {
        channel.closeDrained();
      }
      return to;
    }

    @Override
    public void onEnd(Channel channel) {
      channel.closeDrained();
    }

    @Override
    public void onConnected(Channel channel) {}

    @Override
    public void onWritable(Channel channel) {}

    @Override
    public void onClosed(Channel channel, Errno errno) {}
  }
}
