/// Attacks by clients that are slow, stop, or leave.
package twemlab.sim.run.hostile.attack.slow;
