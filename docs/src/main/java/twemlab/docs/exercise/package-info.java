/// The exercises under `docs/exercises`: listing them, handing out a starting point, and checking
/// what a student has made of it. The tests of an exercise are its specification.
package twemlab.docs.exercise;
