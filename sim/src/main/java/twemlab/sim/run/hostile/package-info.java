/// Attackers beside innocent clients, before real servers that fail: nobody may stop the proxy, or
/// make others pay.
package twemlab.sim.run.hostile;
