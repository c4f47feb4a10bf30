/// Attacks by requests and replies that are wrong.
package twemlab.sim.run.hostile.attack.wrong;
