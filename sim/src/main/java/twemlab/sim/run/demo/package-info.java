/// `twemlab demo`: the proxy in front of two embedded servers, and traffic.
package twemlab.sim.run.demo;
