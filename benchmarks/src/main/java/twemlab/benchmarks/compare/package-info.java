/// `twemlab bench compare`: our proxy beside nutcracker and other peers, in turns, under one load.
package twemlab.benchmarks.compare;
