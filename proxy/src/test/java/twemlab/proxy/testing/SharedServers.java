package twemlab.proxy.testing;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import twemlab.proxy.testing.RealServer.Program;

/// Two redis servers and two memcacheds for all tests that leave them running: started when first
/// asked for, ended with the last test.
///
/// A test that takes a parameter of this type is skipped when there is neither a server nor a
/// substitute ([Program]). Tests do not share keys: [#key] makes new ones.
public final class SharedServers implements AutoCloseable {
  private static final int COUNT = 2;

  private final List<RealServer> redis;
  private final List<RealServer> memcached;
  private final AtomicLong keys = new AtomicLong();

  private SharedServers() {
    redis = Stream.generate(RealServer::redis).limit(COUNT).toList();
    memcached = Stream.generate(() -> RealServer.memcached("-I", "4m")).limit(COUNT).toList();
  }

  /// The ports of the redis servers.
  public List<Integer> redis() {
    return redis.stream().map(RealServer::port).toList();
  }

  /// The ports of the memcacheds, which take values of 4 MiB.
  public List<Integer> memcached() {
    return memcached.stream().map(RealServer::port).toList();
  }

  /// A key that no other test has.
  public String key() {
    return "key" + keys.incrementAndGet();
  }

  @Override
  public void close() {
    redis.forEach(RealServer::close);
    memcached.forEach(RealServer::close);
  }

  /// Hands the servers to the tests, and skips those that want them where there are none. (That
  /// must be decided before: in the resolution of a parameter, JUnit takes an aborted test for a
  /// failed one.)
  public static final class Extension implements ExecutionCondition, ParameterResolver {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      boolean wanted =
          context
              .getTestMethod()
              .filter(test -> List.of(test.getParameterTypes()).contains(SharedServers.class))
              .isPresent();
      return wanted
          ? Stream.of(Program.REDIS, Program.MEMCACHED)
              .filter(program -> program.find().isEmpty())
              .map(program -> ConditionEvaluationResult.disabled(program.notInstalled()))
              .findFirst()
              .orElse(ConditionEvaluationResult.enabled("the servers are there"))
          : ConditionEvaluationResult.enabled("no servers wanted");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SharedServers.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(SharedServers.class, _ -> new SharedServers(), SharedServers.class);
    }
  }
}
