package twemlab.benchmarks.event;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Channels of Netty, connected through a unix socket, as its users have them: a pipeline with one
/// handler. Both ends of each pair are channels of one loop, which the benchmark's thread drives.
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows in the pairs
final class NettyChannelPairs implements Pairs {
  private static final int BACKLOG = 512;
  private static final short BUFFER_GROUP = 1;

  /// A transport of Netty.
  enum Kind {
    EPOLL {
      @Override
      IoHandlerFactory handler() {
        return EpollIoHandler.newFactory();
      }

      @Override
      Class<? extends Channel> client() {
        return EpollDomainSocketChannel.class;
      }

      @Override
      Class<? extends ServerChannel> server() {
        return EpollServerDomainSocketChannel.class;
      }
    },
    /// With a ring of provided buffers, which makes its receives multishot.
    IO_URING {
      @Override
      IoHandlerFactory handler() {
        return IoUringIoHandler.newFactory(
            new IoUringIoHandlerConfig()
                .setRingSize(1024)
                .setCqSize(32768)
                .setBufferRingConfig(
                    IoUringBufferRingConfig.builder()
                        .bufferGroupId(BUFFER_GROUP)
                        .bufferRingSize((short) 2048)
                        .batchSize(64)
                        .allocator(new IoUringFixedBufferRingAllocator(64))
                        .build()));
      }

      @Override
      Class<? extends Channel> client() {
        return IoUringDomainSocketChannel.class;
      }

      @Override
      Class<? extends ServerChannel> server() {
        return IoUringServerDomainSocketChannel.class;
      }
    };

    abstract IoHandlerFactory handler();

    abstract Class<? extends Channel> client();

    abstract Class<? extends ServerChannel> server();
  }

  private final ByteBuf first =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(1).writeByte('p'));
  private final ManualIoEventLoop loop;
  private final Channel[] senders;
  private final List<Channel> receivers = new ArrayList<>();
  private final Receiver receiver;

  /// What arrived and is sent on: the receiver's [#send] takes it instead of a copy.
  private ByteBuf arrived;

  NettyChannelPairs(Kind kind, int pairs, Receiver receiver) {
    this.receiver = receiver;
    loop = new ManualIoEventLoop(Thread.currentThread(), kind.handler());
    senders = new Channel[pairs];
    try (SocketFile file = new SocketFile()) {
      var address = new DomainSocketAddress(file.path());
      Channel listener = done(server(kind).bind(address)).channel();
      Bootstrap client = client(kind);
      for (int i = 0; i < pairs; i++) {
        senders[i] = done(client.connect(address)).channel();
        while (receivers.size() <= i) {
          loop.runNow();
        }
      }
      done(listener.close());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServerBootstrap server(Kind kind) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(kind.server())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new End(receivers.size()));
                    receivers.add(channel);
                  }
                });
    if (kind == Kind.IO_URING) {
      bootstrap.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFER_GROUP);
    }
    return bootstrap;
  }

  private Bootstrap client(Kind kind) {
    return new Bootstrap()
        .group(loop)
        .channel(kind.client())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                // It only sends.
              }
            });
  }

  private ChannelFuture done(ChannelFuture future) {
    while (!future.isDone()) {
      loop.runNow();
    }
    return future.syncUninterruptibly();
  }

  /// The handler of a receiving end.
  private final class End extends ChannelInboundHandlerAdapter {
    private final int pair;

    private End(int pair) {
      this.pair = pair;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      arrived = (ByteBuf) message;
      for (int bytes = arrived.readableBytes(); bytes > 0; bytes--) {
        receiver.received(pair);
      }
      if (arrived != null) {
        arrived.release();
        arrived = null;
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      throw new IllegalStateException(cause);
    }
  }

  @Override
  public void send(int pair) {
    ByteBuf bytes = first.duplicate();
    if (arrived != null && arrived.readableBytes() == 1) {
      bytes = arrived;
      arrived = null;
    }
    senders[pair].writeAndFlush(bytes, senders[pair].voidPromise());
  }

  @Override
  public int turn() {
    return loop.runNow();
  }

  @Override
  public long systemCalls() {
    return -1;
  }

  @Override
  public void close() {
    // One by one: thousands at once overflow the completion queue, and leave descriptors open.
    for (Channel sender : senders) {
      done(sender.close());
    }
    receivers.forEach(receiver -> done(receiver.close()));
    NettyLoops.close(loop);
  }
}
