/// JMH benchmarks, and the command `twemlab bench` that runs them and prints their results as
/// tables. Each benchmark says what it does not measure.
package twemlab.benchmarks;
