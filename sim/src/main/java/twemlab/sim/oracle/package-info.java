/// What must hold in every run.
package twemlab.sim.oracle;
