/// Key hashes, hash tags and distributions: pure functions of bytes and weights.
module twemlab.hashing {
  exports twemlab.hashing;
}
