package twemlab.benchmarks;

import org.openjdk.jmh.runner.options.TimeValue;

/// How long to measure; more is more certain.
///
/// @param forks JVMs for each benchmark; 0 measures in this one, for tests only
/// @param warmups iterations before the measured ones
/// @param iterations measured iterations
/// @param iterationTime of both kinds
public record Effort(int forks, int warmups, int iterations, TimeValue iterationTime) {}
