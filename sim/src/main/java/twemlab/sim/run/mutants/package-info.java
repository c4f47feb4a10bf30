/// `twemlab mutants`: known bugs, planted one at a time, and how fast a run finds each.
package twemlab.sim.run.mutants;
