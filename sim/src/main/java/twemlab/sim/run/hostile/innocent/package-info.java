/// The clients beside an attack, and what they must not notice.
package twemlab.sim.run.hostile.innocent;
