package millrace.local.generate;

/**
 * Good units per card that are made and not yet sold. A part of the first batch of each card is
 * kept for orders that arrive late: they were placed before everything else, so at no moment in
 * time may they take a unit that another order took.
 */
final class Stock {
  private final int[] available;
  private final int[] reserved;

  Stock(int cards) {
    this.available = new int[cards];
    this.reserved = new int[cards];
  }

  void open(int card, int goodUnits) {
    reserved[card] = goodUnits / 4;
    available[card] = goodUnits - reserved[card];
  }

  void make(int card, int goodUnits) {
    available[card] += goodUnits;
  }

  int available(int card) {
    return available[card];
  }

  /** Takes at most {@code wanted} units and says how many. */
  int take(int card, int wanted) {
    int taken = Math.min(wanted, available[card]);
    available[card] -= taken;
    return taken;
  }

  /** The same for an order that arrives late. */
  int takeReserved(int card, int wanted) {
    int taken = Math.min(wanted, reserved[card]);
    reserved[card] -= taken;
    return taken;
  }

  /** First card from {@code start} on that has units, or a negative number. */
  int anyAvailable(int start) {
    for (int i = 0; i < available.length; i++) {
      int card = (start + i) % available.length;
      if (available[card] > 0) {
        return card;
      }
    }
    return -1;
  }
}
