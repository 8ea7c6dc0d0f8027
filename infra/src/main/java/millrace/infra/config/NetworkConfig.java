package millrace.infra.config;

import java.util.List;

/**
 * The network that broker and consumer live in.
 *
 * @param cidr its addresses, 256 to 65,536 of them (default 10.40.0.0/16)
 * @param zones availability zones, 2 or 3 (default 2); every interface endpoint is paid per zone
 * @param egress how the consumer reaches AWS (default endpoints)
 * @param reserved addresses that the network must keep clear of, because it is or will be joined to
 *     them (default none)
 */
public record NetworkConfig(Cidr cidr, int zones, Egress egress, List<Cidr> reserved) {
  private static final Cidr DEFAULT = Cidr.parse("10.40.0.0/16").orElseThrow();

  /** How what runs in the private subnets reaches AWS. Prices: docs/deploy.md. */
  public enum Egress {
    /** An endpoint for each service that is called, and no way to anywhere else. */
    ENDPOINTS("endpoints"),
    /** One NAT gateway: cheaper than five endpoints, but a way to the whole internet. */
    NAT("nat");

    private final String word;

    Egress(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  public NetworkConfig {
    reserved = List.copyOf(reserved);
  }

  static NetworkConfig read(Section section) {
    Cidr cidr = section.cidr("cidr", DEFAULT);
    int zones = section.integer("zones", 2, 2, 3);
    Egress egress = section.choice("egress", Egress.ENDPOINTS, Egress::word);
    List<Cidr> reserved = section.cidrs("reserved");
    section.require(cidr.fitsNetwork(), "cidr must be a block from /16 to /24, not " + cidr);
    for (Cidr other : reserved) {
      section.require(!cidr.overlaps(other), "cidr " + cidr + " overlaps reserved " + other);
    }
    section.refuseUnknownKeys();
    return new NetworkConfig(cidr, zones, egress, reserved);
  }
}
