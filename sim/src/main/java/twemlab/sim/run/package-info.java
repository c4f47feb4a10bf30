/// `twemlab sim`: campaigns of runs over all cores, their traces, and smaller runs that fail alike.
package twemlab.sim.run;
