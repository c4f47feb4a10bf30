package twemlab.sim.world;

import twemlab.event.kernel.Platform;

/// What a simulated world is like when nothing goes wrong.
///
/// @param platform whose structures and constants the kernels use
/// @param descriptorLimit RLIMIT_NOFILE: descriptors are numbered below it
/// @param sendBuffer bytes of SO_SNDBUF of a new socket
/// @param receiveBuffer bytes of SO_RCVBUF of a new socket
/// @param callNanos what each system call costs in virtual time; meanwhile the world goes on
/// @param latencyMinNanos the least time that a packet travels
/// @param latencyMaxNanos the most
/// @param segmentMax bytes that travel in one segment at most
/// @param splitRate how many segments in 10,000 are cut in two at a drawn place
/// @param wallMillis the wall clock's value at time 0, since 1970
public record Settings(
    Platform platform,
    int descriptorLimit,
    int sendBuffer,
    int receiveBuffer,
    long callNanos,
    int latencyMinNanos,
    int latencyMaxNanos,
    int segmentMax,
    int splitRate,
    long wallMillis) {

  /// Loopback on Linux: calls of 500 ns, packets of 5 to 50 us, no splitting.
  public static Settings linux() {
    return new Settings(
        Platform.LINUX_X64,
        1024,
        131_072,
        131_072,
        500,
        5_000,
        50_000,
        65_483,
        0,
        1_767_225_600_000L);
  }

  public Settings withPlatform(Platform value) {
    return new Settings(
        value,
        descriptorLimit,
        sendBuffer,
        receiveBuffer,
        callNanos,
        latencyMinNanos,
        latencyMaxNanos,
        segmentMax,
        splitRate,
        wallMillis);
  }

  public Settings withDescriptorLimit(int value) {
    return new Settings(
        platform,
        value,
        sendBuffer,
        receiveBuffer,
        callNanos,
        latencyMinNanos,
        latencyMaxNanos,
        segmentMax,
        splitRate,
        wallMillis);
  }

  public Settings withBuffers(int send, int receive) {
    return new Settings(
        platform,
        descriptorLimit,
        send,
        receive,
        callNanos,
        latencyMinNanos,
        latencyMaxNanos,
        segmentMax,
        splitRate,
        wallMillis);
  }

  public Settings withCallNanos(long value) {
    return new Settings(
        platform,
        descriptorLimit,
        sendBuffer,
        receiveBuffer,
        value,
        latencyMinNanos,
        latencyMaxNanos,
        segmentMax,
        splitRate,
        wallMillis);
  }

  public Settings withLatency(int minNanos, int maxNanos) {
    return new Settings(
        platform,
        descriptorLimit,
        sendBuffer,
        receiveBuffer,
        callNanos,
        minNanos,
        maxNanos,
        segmentMax,
        splitRate,
        wallMillis);
  }

  public Settings withSegments(int max, int split) {
    return new Settings(
        platform,
        descriptorLimit,
        sendBuffer,
        receiveBuffer,
        callNanos,
        latencyMinNanos,
        latencyMaxNanos,
        max,
        split,
        wallMillis);
  }
}
