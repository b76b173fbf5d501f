# A container that holds one static program and nothing else.
#
#   make release && docker build -t ftreport .
#   docker run --rm -v "$PWD:/data" ftreport report /data/saves/a -o /data
FROM scratch
COPY .build/release/ftreport /ftreport
ENTRYPOINT ["/ftreport"]
