/// Commands around the simulator: campaigns, progress, and the demo with embedded servers. Unlike
/// the simulation itself, they use threads and real time.
package twemlab.sim.run;
