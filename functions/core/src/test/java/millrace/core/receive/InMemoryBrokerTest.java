package millrace.core.receive;

import millrace.event.v1.Event;

class InMemoryBrokerTest implements DeliveryQueueContract {
  @Override
  public Harness harness(int prefetch) {
    var broker = new InMemoryBroker("orders", prefetch, wait -> {});
    return new Harness() {
      @Override
      public DeliveryQueue queue() {
        return broker;
      }

      @Override
      public void publish(Event event) {
        broker.publish(event);
      }

      @Override
      public long deadLetters() {
        return broker.deadLetters().size();
      }

      @Override
      public void breakConnections() {
        broker.breakConnections();
      }
    };
  }
}
