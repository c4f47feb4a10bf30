/// `twemlab lanes`: the same run on several backends, side by side.
package twemlab.sim.run.lanes;
