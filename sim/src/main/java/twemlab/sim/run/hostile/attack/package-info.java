/// What an attack is: its client, its server, and what it may use.
package twemlab.sim.run.hostile.attack;
