/// `twemlab bench event`: every way to wait for many sockets, beside its peers.
package twemlab.benchmarks.event;
