
# Every number with fifteen digits, in UTF-8 whatever the locale.
cat(R.version.string, "with survey", as.character(packageVersion("survey")), "\n")
print(made, row.names = FALSE, digits = 10)
lines <- sprintf('%s,"%s",%.15g,%.15g', made$part, gsub('"', '""', made$label), made$estimate,
                 made$se)
writeLines(enc2utf8(c("part,label,estimate,se", lines)), "estimates_r.csv", useBytes = TRUE)
