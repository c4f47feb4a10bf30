/// Everything that a run leaves to chance: streams of numbers from a seed, recorded and replayed.
package twemlab.sim.choice;
