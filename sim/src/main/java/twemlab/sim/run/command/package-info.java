/// `twemlab sim`: its options, and which run they ask for.
package twemlab.sim.run.command;
