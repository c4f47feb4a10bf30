/// What a run consists of: its settings, drawn from a seed or written by name.
package twemlab.sim.scenario;
