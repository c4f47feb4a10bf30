/// Servers as processes of the machine, and what is done to them.
package twemlab.sim.run.servers;
