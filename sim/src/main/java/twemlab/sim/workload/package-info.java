/// What clients send, and the reply that each request must get.
package twemlab.sim.workload;
