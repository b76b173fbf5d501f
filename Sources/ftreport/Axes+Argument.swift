public import Analysis
public import ArgumentParser
public import Report

extension AlignmentAxis: ExpressibleByArgument {}
extension HorizontalAxis: ExpressibleByArgument {}
extension ColourScheme: ExpressibleByArgument {}
