package org.pneumostream.phantom;

/** wip */
public record Phantom(PhantomFinding finding, PhantomSize size, Vector spacing, short[] voxels) {
  public static Phantom generate(long seed, PhantomFinding finding, PhantomSize size) {
    SplitMix64 random = new SplitMix64(seed);
    Anatomy anatomy = Anatomy.draw(random);
    Densities densities = Densities.draw(random);
    Scanner scanner = Scanner.draw(anatomy, densities, size, random);
    Thorax thorax = new Thorax(anatomy, densities, finding, random);
    return new Phantom(finding, size, scanner.spacing(), scanner.scan(thorax));
  }
}
