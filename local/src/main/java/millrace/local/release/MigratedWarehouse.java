package millrace.local.release;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Digests;
import millrace.local.state.Checkout;
import millrace.local.state.FileTrees;

/**
 * A warehouse that holds what the migrations make and nothing else, kept for the next run that
 * begins with an empty one: applying them again takes seconds and gives the same files. It is
 * another one as soon as a migration, a value in it, or the warehouse's own code changes.
 *
 * @param folder of all kept ones
 * @param name of this one, a digest of everything that decides what lies in it
 */
public record MigratedWarehouse(Path folder, String name) {
  /** Both formats, of this branch and of the one before. */
  private static final int KEPT = 4;

  /** The one that these migrations would make. */
  public static MigratedWarehouse of(WarehouseMigrations migrations) {
    Path home = migrations.checkout().home();
    try {
      var content = new ByteArrayOutputStream();
      content.writeBytes(migrations.variables().getBytes(StandardCharsets.UTF_8));
      add(content, migrations.root(), ".sql");
      add(content, home.resolve("local/warehouse"), ".py");
      content.writeBytes(Files.readAllBytes(home.resolve("local/python/requirements.lock")));
      return new MigratedWarehouse(
          allOf(migrations.checkout()), Digests.sha256(content.toByteArray()));
    } catch (IOException e) {
      throw new SetupFailure("cannot read the migrations: " + e.getMessage(), e);
    }
  }

  /** Removes all kept ones of a checkout; the next run applies the migrations again. */
  public static void forgetAll(Checkout checkout) {
    try {
      FileTrees.delete(allOf(checkout));
    } catch (IOException e) {
      throw new SetupFailure("cannot remove " + allOf(checkout) + ": " + e.getMessage(), e);
    }
  }

  private static Path allOf(Checkout checkout) {
    return checkout.millraceFolder().resolve("migrated");
  }

  private static void add(ByteArrayOutputStream content, Path root, String ending)
      throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(each -> each.toString().endsWith(ending)).sorted().toList()) {
        content.writeBytes(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        content.write(0);
        content.writeBytes(Files.readAllBytes(file));
        content.write(0);
      }
    }
  }

  /**
   * Copies it into the empty folder of a warehouse that does not run.
   *
   * @return whether there was one
   */
  public boolean copyTo(Path data) {
    Path kept = folder.resolve(name);
    if (!Files.isDirectory(kept)) {
      return false;
    }
    Path half = data.resolveSibling(data.getFileName() + ".half");
    try {
      FileTrees.delete(half);
      Files.createDirectories(half);
      copy(kept, half);
      // Whole or not at all: an empty folder makes room for it.
      Files.move(half, data, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException e) {
      throw new SetupFailure("cannot fill " + data + ": " + e.getMessage(), e);
    }
  }

  /**
   * Keeps a copy of a warehouse to which nothing but the migrations has been applied.
   *
   * @param data its folder; its files are complete, and nobody writes to it
   */
  public void keep(Path data) {
    Path half = folder.resolve("half-" + UUID.randomUUID());
    try {
      Files.createDirectories(half);
      copy(data, half);
      Path whole = folder.resolve(name);
      try {
        Files.move(half, whole, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException e) {
        if (!Files.isDirectory(whole)) {
          throw e;
        }
        FileTrees.delete(half); // another run has kept the same
      }
      forgetOldest();
    } catch (IOException e) {
      throw new SetupFailure("cannot keep the migrated warehouse: " + e.getMessage(), e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private void forgetOldest() throws IOException {
    List<Path> newestFirst;
    try (Stream<Path> kept = Files.list(folder)) {
      newestFirst =
          kept.sorted(Comparator.comparing(MigratedWarehouse::madeAt).reversed()).toList();
    }
    for (Path old : newestFirst.stream().skip(KEPT).toList()) {
      FileTrees.delete(old);
    }
  }

  private static FileTime madeAt(Path kept) {
    try {
      return Files.getLastModifiedTime(kept);
    } catch (IOException removedMeanwhile) {
      return FileTime.fromMillis(0);
    }
  }
}
