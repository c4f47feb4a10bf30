/// redis as a function of the commands that it receives.
package twemlab.sim.model.redis;
