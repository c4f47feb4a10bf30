package twemlab.proxy;

import java.util.function.Consumer;
import twemlab.event.Channel;
import twemlab.event.Transport;
import twemlab.event.kernel.Address;
import twemlab.event.kernel.Errno;
import twemlab.proxy.conf.Endpoint;
import twemlab.proxy.conf.PoolConf;
import twemlab.proxy.log.LimitedLines;
import twemlab.proxy.log.LogLevel;

/// The listener of a pool; C counterpart nc_proxy.c.
final class ProxyConn implements Transport.Acceptor {
  private final ServerPool pool;
  private Transport.Listener listener;

  ProxyConn(ServerPool pool) {
    this.pool = pool;
  }

  void listen() throws Transport.ListenException {
    PoolConf conf = pool.conf;
    var options =
        new Transport.ListenOptions(
            conf.backlog(), conf.reusePort(), conf.tcpKeepalive(), conf.listen().mode());
    listener = pool.context.transport.listen(resolve(conf.listen().endpoint()), options, this);
    pool.context.stats.connectionOpened();
    pool.context.log.debug(
        LogLevel.NOTICE,
        "p "
            + pool.index
            + " listening on '"
            + conf.listen().text()
            + "' in "
            + (conf.redis() ? "redis" : "memcache")
            + " pool "
            + pool.index
            + " '"
            + conf.name()
            + "' with "
            + pool.serverCount()
            + " servers");
  }

  /// Resolved before anything is served, so it may take its time.
  private Address resolve(Endpoint endpoint) throws Transport.ListenException {
    return switch (endpoint) {
      case Endpoint.Unix unix -> new Address.Unix(unix.path());
      case Endpoint.Inet inet -> {
        var found = new BlockingAnswer();
        pool.context.kernel.resolver().resolve(inet.host(), inet.port(), found);
        Address address = found.await();
        if (address == null) {
          throw new Transport.ListenException(
              "resolve", new Address.Unix(inet.host()), Errno.EHOSTDOWN);
        }
        yield address;
      }
    };
  }

  Address address() {
    return listener.address();
  }

  // tag::on-accepted[]
  @Override
  public Channel.Handler onAccepted(Channel channel) {
    int all = 0;
    for (ServerPool each : pool.context.pools()) {
      all += each.clients();
    }
    if (all >= pool.context.settings.clientLimit() || !pool.admits()) {
      LimitedLines lines = pool.context.lines.refusedClients;
      if (lines.wanted(pool.context.loop.now())) {
        lines.print("client connections " + all + " exceed limit, closing c");
      }
      return null;
    }
    return new ClientConn(pool, channel);
  }

  // end::on-accepted[]

  @Override
  public void onBroken(Channel channel, RuntimeException failure) {
    pool.context
        .failures()
        .report(
            pool.stats,
            "a new client of pool '" + pool.conf.name() + "'",
            failure,
            pool.context.loop.now());
  }

  /// Accepts waiting connections, and no others.
  void finish() {
    end(Transport.Listener::finish);
  }

  void close() {
    end(Transport.Listener::close);
  }

  private void end(Consumer<Transport.Listener> how) {
    if (listener != null) {
      Transport.Listener closing = listener;
      listener = null;
      how.accept(closing);
      pool.context.stats.connectionClosed();
    }
  }
}
