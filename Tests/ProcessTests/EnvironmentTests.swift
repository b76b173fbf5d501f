import Process
import Testing

struct EnvironmentTests {
  @Test func `A variable that is not set is nil`() {
    #expect(Environment["PATH"]?.isEmpty == false)
    #expect(Environment["FTREPORT_NO_SUCH_VARIABLE"] == nil)
  }
}
