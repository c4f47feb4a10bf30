/// `twemlab bench`: chooses among the suites.
package twemlab.benchmarks.command;
