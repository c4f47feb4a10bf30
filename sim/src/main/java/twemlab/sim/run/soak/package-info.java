/// Traffic against real servers that are killed, restarted and stopped, with every reply checked.
package twemlab.sim.run.soak;
