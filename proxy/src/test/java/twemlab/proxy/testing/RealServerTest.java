package twemlab.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class RealServerTest {
  @Test
  void redisAnswersAndIsGoneAfterClose() throws IOException {
    RealServer server = RealServer.redis();
    try (server;
        SocketChannel channel = server.connect()) {
      assertThat(ask(channel, "PING\r\n")).isEqualTo("+PONG\r\n");
    }
    assertThat(server.alive()).isFalse();
    assertThat(Files.exists(server.directory())).isFalse();
  }

  @Test
  void unixSocketsWork() throws IOException {
    try (RealServer redis = RealServer.redisOnUnixSocket("--requirepass", "secret");
        RealServer memcached = RealServer.memcachedOnUnixSocket("-I", "2m");
        SocketChannel toRedis = redis.connect();
        SocketChannel toMemcached = memcached.connect()) {
      assertThat(ask(toRedis, "PING\r\n")).isEqualTo("-NOAUTH Authentication required.\r\n");
      assertThat(ask(toMemcached, "get k\r\n")).isEqualTo("END\r\n");
    }
  }

  @Test
  void aSuspendedServerAnswersAfterItResumes() throws IOException {
    try (RealServer server = RealServer.memcached();
        SocketChannel channel = server.connect()) {
      server.suspend();
      channel.write(ByteBuffer.wrap("get k\r\n".getBytes(StandardCharsets.US_ASCII)));
      channel.configureBlocking(false);
      assertThat(channel.read(ByteBuffer.allocate(16))).isZero();
      channel.configureBlocking(true);
      server.resume();
      assertThat(ask(channel, "")).isEqualTo("END\r\n");
    }
  }

  @Test
  void nutcrackerForwards() throws IOException {
    try (RealServer redis = RealServer.redis();
        RealServer proxy = RealServer.nutcracker(configuration(redis.port()), "-m", "512");
        SocketChannel channel = proxy.connect()) {
      assertThat(ask(channel, "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")).isEqualTo("$-1\r\n");
    }
  }

  private static String configuration(int port) {
    return """
    pool:
      listen: 127.0.0.1:%PORT%
      redis: true
      servers:
        - 127.0.0.1:\
    """
        + port
        + ":1\n";
  }

  private static String ask(SocketChannel channel, String request) throws IOException {
    channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    ByteBuffer reply = ByteBuffer.allocate(256);
    channel.read(reply);
    return new String(reply.array(), 0, reply.position(), StandardCharsets.US_ASCII);
  }
}
