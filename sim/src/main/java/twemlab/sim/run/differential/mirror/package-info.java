/// A server whose reply shows what it received, and misbehaves when a request says so.
package twemlab.sim.run.differential.mirror;
