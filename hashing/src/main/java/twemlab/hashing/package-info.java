/// Which server owns a key: [twemlab.hashing.KeyHash] turns a key into a number,
/// [twemlab.hashing.DistributionKind] turns numbers into servers, and [twemlab.hashing.KeyRouter]
/// does both as twemproxy does.
package twemlab.hashing;
