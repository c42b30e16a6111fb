import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** The same exchange as exchange.cpp, by the original implementation (Maven: org.hdrhistogram:HdrHistogram). */
class Exchange {
  static Histogram empty() {
    return new Histogram(1, 3_600_000_000_000L, 3);
  }

  static String encoded(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int size = histogram.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), size));
  }

  static Histogram decoded(String payload) throws Exception {
    return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Base64.getDecoder().decode(payload)), 0);
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    StringBuilder out = new StringBuilder();
    Histogram histogram = empty();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (arguments[0].equals("decode")) {
        Histogram theirs = decoded(line);
        for (HistogramIterationValue value : theirs.recordedValues()) {
          out.append(theirs.lowestEquivalentValue(value.getValueIteratedTo())).append(' ');
          out.append(value.getCountAtValueIteratedTo()).append('\n');
        }
        out.append('\n');
      } else if (arguments[0].equals("merge")) {
        histogram.add(decoded(line));
      } else if (line.isEmpty()) {
        out.append(encoded(histogram)).append('\n');
        histogram = empty();
      } else {
        String[] words = line.split(" ");
        histogram.recordValueWithCount(Long.parseLong(words[0]), Long.parseLong(words[1]));
      }
    }
    if (arguments[0].equals("merge")) out.append(encoded(histogram)).append('\n');
    System.out.print(out);
  }
}
