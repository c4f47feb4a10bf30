package twemlab.sim.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import twemlab.event.backend.Kernels;
import twemlab.event.kernel.Kernel;
import twemlab.event.kernel.SelectCalls;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.world.Settings;
import twemlab.sim.world.World;

/// The two kernels on which the same script must have the same results.
enum Arm {
  SIMULATED {
    @Override
    Machine open() {
      World world = new World(Settings.linux(), new SeededChoices(1));
      SimKernel kernel = new SimKernel(world, "script");
      return new Simulated(world, kernel);
    }
  },
  HOST {
    @Override
    Machine open() {
      assumeTrue(System.getProperty("os.name").equals("Linux"), "the host's calls are unknown");
      return new Host(Kernels.host());
    }
  };

  /// What the scripts need besides a [Kernel].
  interface Machine extends AutoCloseable {
    Kernel kernel();

    /// Returns when everything that was sent has arrived.
    void settle();

    int dup(int fd);

    int openRegularFile();

    SelectCalls select();

    @Override
    void close();
  }

  abstract Machine open();

  private record Simulated(World world, SimKernel kernel) implements Machine {
    @Override
    public void settle() {
      world.scheduler().runUntil(world.scheduler().now() + 5_000_000);
    }

    @Override
    public int dup(int fd) {
      return kernel.dup(fd);
    }

    @Override
    public int openRegularFile() {
      return kernel.openRegularFile();
    }

    @Override
    public SelectCalls select() {
      return kernel.select().orElseThrow();
    }

    @Override
    public void close() {
      kernel.close();
    }
  }

  /// dup(2), open(2) and select(2) are not among the calls of the seam: the scripts alone need
  /// them.
  @SuppressWarnings("restricted")
  private record Host(Kernel kernel) implements Machine {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle DUP = handle("dup", ValueLayout.JAVA_INT);
    private static final MethodHandle OPEN =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));

    private static MethodHandle handle(String name, ValueLayout... arguments) {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow(name),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /// Loopback delivers within the call that sends, but for handshakes: a short sleep is enough,
    /// and every script waits for what it expects besides.
    @Override
    public void settle() {
      MemorySegment none = MemorySegment.NULL;
      Script.whole(() -> kernel.poll().orElseThrow().poll(none, 0, 0, 2));
    }

    @Override
    public int dup(int fd) {
      try {
        return (int) DUP.invokeExact(fd);
      } catch (Throwable e) {
        throw new AssertionError("dup", e);
      }
    }

    @Override
    public int openRegularFile() {
      String path = Arm.class.getResource("Arm.class").getPath();
      try (Arena arena = Arena.ofConfined()) {
        return (int) OPEN.invokeExact(arena.allocateFrom(path), 0);
      } catch (Throwable e) {
        throw new AssertionError("open", e);
      }
    }

    @Override
    public SelectCalls select() {
      return kernel.select().orElseThrow();
    }

    @Override
    public void close() {
      kernel.close();
    }
  }
}
