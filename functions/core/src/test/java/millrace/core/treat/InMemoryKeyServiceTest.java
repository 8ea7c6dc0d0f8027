package millrace.core.treat;

class InMemoryKeyServiceTest implements KeyServiceContract {
  private final KeyService service = new InMemoryKeyService(new java.util.Random(1));

  @Override
  public KeyService service() {
    return service;
  }
}
