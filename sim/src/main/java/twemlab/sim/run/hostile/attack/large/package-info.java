/// Attacks by size and by number.
package twemlab.sim.run.hostile.attack.large;
