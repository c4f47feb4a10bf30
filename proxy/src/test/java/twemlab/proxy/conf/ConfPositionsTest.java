package twemlab.proxy.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where each kind of mistake is reported, and what is said to be accepted.
final class ConfPositionsTest {
  private static final String GOOD =
      """
      alpha:
        listen: 127.0.0.1:22121
        hash: fnv1a_64
        redis: true
        servers:
         - 127.0.0.1:6379:1 one
         - 127.0.0.1:6380:1 two
      beta:
        listen: 127.0.0.1:22122
        servers:
         - 127.0.0.1:11211:1
      """;

  /// Each row changes one text of the good file.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hash: fnv1a_64 | hash: fnv2 | 3:9 | refused; accepted: one_at_a_time, md5",
        "hash: fnv1a_64 | Hash: md5 | 3:3 | accepted: listen, hash, hash_tag",
        "hash: fnv1a_64 | hash: | 3:8 | accepted: one_at_a_time",
        "redis: true | redis: yes | 4:10 | accepted: true or false",
        "redis: true | listen: 1:1 | 4:3 | accepted: each key once",
        "redis: true | redis_auth: secret | 4:15 | accepted: a password, with redis: true",
        "redis: true | server_connections: 0 | 4:23 | 1 to 65535",
        "redis: true | timeout: 4294967297 | 4:12 | decimal digits, 0 to 2147483647",
        "redis: true | redis: [true] | 4:10 | one block",
        "redis: true | redis: &a true | 4:10 | one block",
        "redis: true | distribution: {a: b} | 4:17 | one block",
        "redis: true | ' \tredis: true' | 4:10 | not YAML in block style",
        "127.0.0.1:6380:1 two | 127.0.0.1:6380:1 one | 7:6 | each server name once",
        "127.0.0.1:6380:1 two | 127.0.0.1:6380 two | 7:6 | host:port:weight",
        "127.0.0.1:22122 | 127.0.0.1:22121 | 9:11 | each listen address once",
        "127.0.0.1:22122 | nohost | 9:11 | host:port with a port",
        "beta: | alpha: | 8:1 | each pool name once",
        "'  listen: 127.0.0.1:22122' | '  backlog: 5' | 8:1 | host:port with a port",
        "beta: | '---' | 8:1 | one block",
        "alpha: | '---\nalpha:' | 1:1 | one block",
      })
  void mistakeIsPlaced(String from, String to, String position, String accepted) {
    assertThat(GOOD).contains(from);
    String bad = GOOD.replace(from, to);
    ConfException e = catchThrowableOfType(ConfException.class, () -> ConfFile.parse("x.yml", bad));
    assertThat(e).as(bad).isNotNull();
    assertThat(e.line() + ":" + e.column()).as(e.getMessage()).isEqualTo(position);
    assertThat(e.detail()).startsWith("x.yml:" + position + ": ").contains(accepted);
    assertThat(e.getMessage()).isEqualTo(e.reason() + "\n" + e.detail());
    assertThat(e.file()).isEqualTo("x.yml");
  }
}
