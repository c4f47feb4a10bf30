/// The world around a process: time, network, faults and trace.
package twemlab.sim.world;
