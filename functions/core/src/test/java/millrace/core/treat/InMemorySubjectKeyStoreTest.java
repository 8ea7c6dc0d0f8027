package millrace.core.treat;

class InMemorySubjectKeyStoreTest implements SubjectKeyStoreContract {
  private final InMemorySubjectKeyStore store = new InMemorySubjectKeyStore();

  @Override
  public SubjectKeyStore store() {
    return store;
  }
}
