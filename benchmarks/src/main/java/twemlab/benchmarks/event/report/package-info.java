/// Runs the benchmarks of the event bases and reports them.
package twemlab.benchmarks.event.report;
