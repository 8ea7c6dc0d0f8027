package millrace.parquet;

import com.github.luben.zstd.Zstd;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses pages with zstd-jni alone. Parquet's own factory reaches the same library through
 * Hadoop's codecs, which cost 30 MB of jars and a second of cold start.
 */
final class ZstdCodecFactory implements CompressionCodecFactory {
  /**
   * Level of zstd and of Parquet when none is asked for; beyond it, time grows faster than files
   * shrink.
   */
  private static final int LEVEL = 3;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return switch (codec) {
      case ZSTD -> new ZstdCompressor();
      case UNCOMPRESSED -> new NoCompressor();
      default ->
          throw new UnsupportedOperationException(
              "pages are compressed with zstd, not with " + codec);
    };
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException("files are written here, not read");
  }

  @Override
  public void release() {
    // compressors hold nothing between pages
  }

  private static final class ZstdCompressor implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput page) throws java.io.IOException {
      return BytesInput.from(Zstd.compress(page.toByteArray(), LEVEL));
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {}
  }

  private static final class NoCompressor implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput page) {
      return page;
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.UNCOMPRESSED;
    }

    @Override
    public void release() {}
  }
}
